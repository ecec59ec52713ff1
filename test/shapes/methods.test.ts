import { testShapes } from './test-shapes.ts'

testShapes('methods')
